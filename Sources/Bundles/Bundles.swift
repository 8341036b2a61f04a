// The module Bundles; see CONTRIBUTING.md for its place in the house.
