/** A setting the deployment must give; its absence is a fault of the deployment, told by name. */
export const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set.`);
  return value;
};
