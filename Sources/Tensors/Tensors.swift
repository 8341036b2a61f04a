// The module Tensors; see CONTRIBUTING.md for its place in the house.
