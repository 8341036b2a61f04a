// Specific Character Set (0008,0005) to UTF-8.
#pragma once
#include <string>

/// Converts one value. `declared` is the attribute as it stands, values parted by backslashes. Headers that lie
/// about their character set are read as UTF-8 where that fits, else as Latin-1.
std::string toUTF8(const std::string &text, const std::string &declared);
