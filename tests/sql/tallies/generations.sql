-- LabelState::generations and generation_begins.
SELECT generation, count(), min(posted_at) FROM labelled WHERE in_window GROUP BY generation ORDER BY generation
