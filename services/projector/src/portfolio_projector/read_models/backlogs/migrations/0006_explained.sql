-- What the columns that others read of products and backlogs mean, and what null means.

COMMENT ON COLUMN reading.products.portfolio IS 'The portfolio: rows of several are in one view.';
COMMENT ON COLUMN reading.products.product IS 'Its id.';
COMMENT ON COLUMN reading.products.name IS 'As it was stated last.';
COMMENT ON COLUMN reading.products.owner IS 'Who decides on its order; null where nobody is named.';
COMMENT ON COLUMN reading.products.vision IS 'What it is for; null where nobody said.';
COMMENT ON COLUMN reading.products.state IS 'Conceived, Active, Paused, Sunsetting, Retired, Merged or Split.';
COMMENT ON COLUMN reading.products.conceived_at IS 'When it was conceived.';
COMMENT ON COLUMN reading.products.activated_at IS 'When it was activated first; null before.';
COMMENT ON COLUMN reading.products.open_items IS 'How many items are open.';
COMMENT ON COLUMN reading.products.last_entry IS 'The entry that changed the row last.';

COMMENT ON COLUMN reading.backlog.portfolio IS 'The portfolio: rows of several are in one view.';
COMMENT ON COLUMN reading.backlog.product IS 'The product whose backlog it is.';
COMMENT ON COLUMN reading.backlog.position IS 'From 1 without a hole, in the order of the backlog.';
COMMENT ON COLUMN reading.backlog.item IS 'Its id.';
COMMENT ON COLUMN reading.backlog.title IS 'In the words of its source.';
COMMENT ON COLUMN reading.backlog.kind IS 'feature, defect, risk or debt.';
COMMENT ON COLUMN reading.backlog.state IS 'New, Ready, Started or Reopened.';
COMMENT ON COLUMN reading.backlog.workflow_state IS 'Where it is in the workflow of the product; null where none is defined, or it is in none.';
COMMENT ON COLUMN reading.backlog.added_at IS 'When it was added.';
COMMENT ON COLUMN reading.backlog.started_at IS 'When it was started first; null before.';
COMMENT ON COLUMN reading.backlog.stage IS 'What its source reports, such as alpha; null where it reports none.';
COMMENT ON COLUMN reading.backlog.milestone IS 'What its source reports; null where it reports none.';
COMMENT ON COLUMN reading.backlog.targets IS 'What its source promises, by gate, as a JSON object.';
COMMENT ON COLUMN reading.backlog.last_entry IS 'The entry that changed the row last.';

COMMENT ON COLUMN reading.items.portfolio IS 'The portfolio: rows of several are in one view.';
COMMENT ON COLUMN reading.items.item IS 'Its id.';
COMMENT ON COLUMN reading.items.product IS 'Whose backlog it is, or was when it left.';
COMMENT ON COLUMN reading.items.title IS 'In the words of its source.';
COMMENT ON COLUMN reading.items.kind IS 'feature, defect, risk or debt.';
COMMENT ON COLUMN reading.items.state IS 'New, Ready, Started, Reopened; or closed: Done, Dropped, Split, Merged or Promoted.';
COMMENT ON COLUMN reading.items.workflow_state IS 'Where it is in the workflow of the product; null where none is defined, or it is in none.';
COMMENT ON COLUMN reading.items.added_at IS 'When it was added.';
COMMENT ON COLUMN reading.items.started_at IS 'When it was started first; null before.';
COMMENT ON COLUMN reading.items.closed_at IS 'When it was done, dropped, split, merged or promoted last; null while it is open.';
COMMENT ON COLUMN reading.items.split_from IS 'The item that it was split off from; null where it was not.';
COMMENT ON COLUMN reading.items.status IS 'What its source calls its state, in its own words; null where it says nothing.';
COMMENT ON COLUMN reading.items.stage IS 'What its source reports, such as alpha; null where it reports none.';
COMMENT ON COLUMN reading.items.milestone IS 'What its source reports; null where it reports none.';
COMMENT ON COLUMN reading.items.targets IS 'What its source promises, by gate, as a JSON object.';
COMMENT ON COLUMN reading.items.last_entry IS 'The entry that changed the row last.';

COMMENT ON COLUMN reading.item_moves.portfolio IS 'The portfolio: rows of several are in one view.';
COMMENT ON COLUMN reading.item_moves.product IS 'In whose backlog.';
COMMENT ON COLUMN reading.item_moves.entry IS 'The entry by which it moved.';
COMMENT ON COLUMN reading.item_moves.item IS 'The item that moved.';
COMMENT ON COLUMN reading.item_moves.move IS 'added, moved, completed, reopened, dropped, split, split_from, transferred, merged or promoted.';
COMMENT ON COLUMN reading.item_moves.after IS 'The item after which it stands since then; null: first, or no longer in the order.';
COMMENT ON COLUMN reading.item_moves.actor IS 'Who did it.';
COMMENT ON COLUMN reading.item_moves.reason IS 'Why; null where nobody said.';
COMMENT ON COLUMN reading.item_moves.time IS 'When it was true in the world.';
COMMENT ON COLUMN reading.item_moves.recordedtime IS 'When the ledger recorded it.';
