// The module Training; see CONTRIBUTING.md for its place in the house.
