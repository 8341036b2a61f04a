// The module Alignment; see CONTRIBUTING.md for its place in the house.
