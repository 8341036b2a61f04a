// The module Selector; see CONTRIBUTING.md for its place in the house.
