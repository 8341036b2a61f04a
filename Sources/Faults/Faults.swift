// The module Faults; see CONTRIBUTING.md for its place in the house.
