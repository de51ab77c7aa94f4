/** Those who appear in the specs. */
export type Person = { email: string; username: string; name: string; password: string };

/** Hard to guess, and of the kind people choose. */
export const PASSWORD = 'a bench under the north window';

export const OWNER: Person = {
  email: 'ngozi@brambleyard.example',
  username: 'ngozi',
  name: 'Ngozi Adeyemi-Oduya',
  password: PASSWORD,
};

export const SITE = 'Brambleyard Makers';

let count = 0;

/** Someone nobody has met in this run. */
export function someone(name = 'Mateo Quispe Huamán'): Person {
  count += 1;
  const username = `${name.split(' ')[0]!.normalize('NFD').replace(/[^A-Za-z]/g, '').toLowerCase()}.${process.pid}.${count}`;
  return { email: `${username}@postbox.example`, username, name, password: PASSWORD };
}
