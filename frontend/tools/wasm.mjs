// As much of WebAssembly's binary format as it takes to pass on what a module imports.
// https://webassembly.github.io/spec/core/binary/modules.html

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const [CUSTOM, IMPORTS, FUNCTIONS, EXPORTS, ELEMENTS, CODE, DATA] = [0, 2, 3, 7, 9, 10, 11];
const [FUNCTION, TABLE, MEMORY, GLOBAL] = [0, 1, 2, 3];
/** The part of the section `name` that names functions. */
const FUNCTION_NAMES = 1;
/** A function without locals that does nothing but trap, after its length. */
const TRAP = [3, 0x00, 0x00, 0x0b];

/** The instructions that an offset in the memory or in a table, and no function in a table, are given by. */
const [I32_CONST, REF_NULL] = [0x41, 0xd0];
/** Entries of a table from an offset on: as the numbers of functions, or each as an expression. */
const [OF_FUNCTIONS, OF_EXPRESSIONS] = [0, 4];

/** Reads a module's bytes. */
class Reader {
  at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return this.take(this.number()).toString('utf8');
  }

  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }

  list(read) {
    return Array.from({ length: this.number() }, read);
  }
}

/** The sections of a module. */
function sections(bytes) {
  const reader = new Reader(bytes);
  reader.take(HEADER.length);
  const found = [];
  while (reader.at < bytes.length) found.push({ id: reader.byte(), content: reader.take(reader.number()) });
  return found;
}

/** A module of these sections. */
function written(all) {
  const parts = all.flatMap(({ id, content }) => [Buffer.from([id, ...number(content.length)]), content]);
  return Buffer.concat([Buffer.from(HEADER), ...parts]);
}

/** What a module imports: each its name, its kind and its type as written. */
export function importsOf(bytes) {
  const section = sections(bytes).find(({ id }) => id === IMPORTS);
  if (!section) return [];
  const reader = new Reader(section.content);
  return reader.list(() => {
    const [module, name, kind, start] = [reader.text(), reader.text(), reader.byte(), reader.at];
    if (kind === FUNCTION) reader.number();
    else if (kind === GLOBAL) reader.take(2);
    else {
      if (kind === TABLE) reader.byte();
      reader.limits();
    }
    return { module, name, kind, type: [...section.content.subarray(start, reader.at)] };
  });
}

/** The module with other names for what it imports: `rename` gives the two names of each. */
export function reimported(bytes, rename) {
  const all = sections(bytes).map(({ id, content }) => {
    if (id !== IMPORTS) return { id, content };
    const items = importsOf(bytes).map(({ module, name, kind, type }) => {
      return [...rename(module, name).flatMap(text), kind, ...type];
    });
    return { id, content: Buffer.from(vector(items)) };
  });
  return written(all);
}

/**
 * The module with every function emptied whose name matches and whose body has at least so many bytes: should it be
 * called, it traps. Needs the names.
 */
export function without(bytes, name, least) {
  const all = sections(bytes);
  const imported = importsOf(bytes).filter(({ kind }) => kind === FUNCTION).length;
  const names = functionNames(all);
  const emptied = all.map(({ id, content }) => {
    if (id !== CODE) return { id, content };
    const reader = new Reader(content);
    let index = imported;
    const bodies = reader.list(() => {
      const body = reader.take(reader.number());
      const unwanted = name.test(names.get(index++) ?? '') && body.length >= least;
      return unwanted ? Buffer.from(TRAP) : Buffer.concat([Buffer.from(number(body.length)), body]);
    });
    return { id, content: Buffer.concat([Buffer.from(number(bodies.length)), ...bodies]) };
  });
  return written(emptied);
}

/** How many bytes of a module are functions and data. */
export function filling(bytes) {
  const filled = sections(bytes).filter(({ id }) => id === CODE || id === DATA);
  return filled.reduce((sum, { content }) => sum + content.length, 0);
}

/** The data of a module whose place in the memory is written in it: each where it begins, and its bytes, as a view of the module's. */
export function dataOf(bytes) {
  const section = sections(bytes).find(({ id }) => id === DATA);
  if (!section) return [];
  const reader = new Reader(section.content);
  const segments = reader.list(() => {
    const isPlaced = reader.byte() === 0;
    const isConstant = isPlaced && reader.byte() === I32_CONST;
    const start = isPlaced ? reader.number() : 0;
    // The end of the offset.
    if (isPlaced) reader.byte();
    return { start, content: reader.take(reader.number()), isConstant };
  });
  return segments.filter(({ isConstant }) => isConstant);
}

/** The module without the names of its functions. */
export function nameless(bytes) {
  return written(sections(bytes).filter((section) => !holdsNames(section)));
}

/** The module without what it exports. */
export function closed(bytes) {
  return written(sections(bytes).filter(({ id }) => id !== EXPORTS));
}

/** The module without what fills its table with nothing, which a table is full of when it is made. */
export function withoutNulls(bytes) {
  const all = sections(bytes).map(({ id, content }) => {
    if (id !== ELEMENTS) return { id, content };
    const reader = new Reader(content);
    const segments = reader.list(() => {
      const start = reader.at;
      const isFilling = fillsTable(reader);
      return { isFilling, bytes: content.subarray(start, reader.at) };
    });
    const kept = segments.filter(({ isFilling }) => isFilling).map(({ bytes }) => bytes);
    return { id, content: Buffer.concat([Buffer.from(number(kept.length)), ...kept]) };
  });
  return written(all);
}

/** Reads a segment of a table's entries. Says whether any of them is a function. */
function fillsTable(reader) {
  const kind = reader.byte();
  if (![OF_FUNCTIONS, OF_EXPRESSIONS].includes(kind) || reader.byte() !== I32_CONST) throw new Error('A table is filled in another way.');
  reader.number();
  // The end of the offset.
  reader.byte();
  const functions = reader.list(() => {
    if (kind === OF_FUNCTIONS) return reader.number() >= 0;
    const instruction = reader.byte();
    reader.number();
    reader.byte();
    return instruction !== REF_NULL;
  });
  return functions.includes(true);
}

/** The module with functions that are named in the order of their types and of their code, byte by byte. */
export function ranked(bytes) {
  const all = sections(bytes);
  const imported = importsOf(bytes).filter(({ kind }) => kind === FUNCTION).length;
  const listOf = (id, read) => {
    const reader = new Reader(all.find((section) => section.id === id)?.content ?? Buffer.from([0]));
    return reader.list(() => read(reader));
  };
  const types = listOf(FUNCTIONS, (reader) => reader.number());
  const bodies = listOf(CODE, (reader) => reader.take(reader.number()));
  const order = bodies.map((_, at) => at).sort((a, b) => types[a] - types[b] || Buffer.compare(bodies[a], bodies[b]));
  const ranks = order.map((at, rank) => ({ at, name: String(rank).padStart(7, '0') })).sort((a, b) => a.at - b.at);
  const names = ranks.flatMap(({ at, name }) => [...number(imported + at), ...text(name)]);
  const part = [...number(ranks.length), ...names];
  const content = [...text('name'), FUNCTION_NAMES, ...number(part.length), ...part];
  return Buffer.concat([nameless(bytes), Buffer.from([CUSTOM, ...number(content.length), ...content])]);
}

function holdsNames({ id, content }) {
  return id === CUSTOM && new Reader(content).text() === 'name';
}

function functionNames(all) {
  const names = new Map();
  for (const section of all.filter(holdsNames)) {
    const { content } = section;
    const reader = new Reader(content);
    reader.text();
    while (reader.at < content.length) {
      const [kind, part] = [reader.byte(), new Reader(reader.take(reader.number()))];
      if (kind === FUNCTION_NAMES) part.list(() => names.set(part.number(), part.text()));
    }
  }
  return names;
}

/** A module that imports what is in the list from `module`, each once, and exports it under the same names. */
export function reexport(list, module) {
  const things = [...new Map(list.map((one) => [one.name, one])).values()];
  if (things.some(({ kind }) => ![TABLE, MEMORY, GLOBAL].includes(kind))) throw new Error('A part imports a function.');
  const next = [0, 0, 0, 0];
  const imports = things.map(({ name, kind, type }) => [...text(module), ...text(name), kind, ...type]);
  const exports = things.map(({ name, kind }) => [...text(name), kind, ...number(next[kind]++)]);
  return Buffer.from([...HEADER, ...section(IMPORTS, imports), ...section(EXPORTS, exports)]);
}

function section(id, items) {
  const content = vector(items);
  return [id, ...number(content.length), ...content];
}

/** Items, after how many they are. */
function vector(items) {
  return [...number(items.length), ...items.flat()];
}

function text(value) {
  const bytes = [...Buffer.from(value)];
  return [...number(bytes.length), ...bytes];
}

function number(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}
