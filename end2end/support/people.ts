/** A person who signs up in a test. */
export type Person = { email: string; username: string; name: string; password: string };

/** A password that is hard to guess. */
export const PASSWORD = 'a bench under the north window';

export const OWNER: Person = {
  email: 'ngozi@brambleyard.example',
  username: 'ngozi',
  name: 'Ngozi Adeyemi-Oduya',
  password: PASSWORD,
};

export const SITE = 'Brambleyard Makers';

let count = 0;

/** A person with a username that is unique in this run. */
export function someone(name = 'Mateo Quispe Huamán'): Person {
  count += 1;
  const username = `${name.split(' ')[0]!.normalize('NFD').replace(/[^A-Za-z]/g, '').toLowerCase()}.${process.pid}.${count}`;
  return { email: `${username}@postbox.example`, username, name, password: PASSWORD };
}
