// The module Layers; see CONTRIBUTING.md for its place in the house.
