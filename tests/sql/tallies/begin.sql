-- History::begin.
SELECT if(count() = 0, NULL, toNullable(min(posted_at))) FROM labelled WHERE posted_at < window_end
