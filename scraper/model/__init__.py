"""The ground floor: the project's words as frozen types, and the Protocols that stores implement. No I/O."""
