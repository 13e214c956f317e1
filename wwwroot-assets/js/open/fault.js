// Why a demo cannot be opened: the name of a sentence, and what the sentence names.
export class Fault extends Error {
  constructor(name, ...values) {
    super(name);
    this.values = values;
  }
}
