// Nothing: what it takes is the start of the runtime.
