#pragma once

#include <string>
#include <vector>

namespace earshot {

// How the archive lies that Twitter, and then X, lets one download.

/// The files with tweets: of a folder `data/tweets.js` and its parts, before 2022 `data/tweet.js`,
/// before 2019 a file a month in `data/js/tweets/`; the folder may also be one of these. A file is
/// itself. In the order of their numbers. Empty if a folder has none.
std::vector<std::string> twitter_files(const std::string& path);

/// The same of all files below a folder: those of the folder that lies highest.
std::vector<std::string> twitter_files_among(const std::vector<std::string>& paths);

/// The account whose tweets these are; empty where the archive does not say.
struct TwitterAccount {
  std::string id;
  std::string name;  ///< Without "@".
};

/// Read from `account.js` beside a file of tweets, or `user_details.js` above the months.
TwitterAccount twitter_account(const std::string& tweets_path);

}  // namespace earshot
