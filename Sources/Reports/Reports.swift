// The module Reports; see CONTRIBUTING.md for its place in the house.
