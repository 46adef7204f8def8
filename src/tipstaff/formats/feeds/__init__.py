"""Messages of live feeds: one file a feed, and one line in `listed.FEEDS`."""
