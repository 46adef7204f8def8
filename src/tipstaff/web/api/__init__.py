"""The API of the console: what its pages do, for programs that come with a token.

Each operation is one use case. `console.API` has them all; a group is a module of its own.
"""
