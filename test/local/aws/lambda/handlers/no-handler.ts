export const handle = () => 'under the wrong name';
