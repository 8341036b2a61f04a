// The module Encoders; see CONTRIBUTING.md for its place in the house.
