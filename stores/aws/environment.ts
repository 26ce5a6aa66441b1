/** A required environment variable; throws with its name if the deployment did not set it. */
export const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set.`);
  return value;
};
