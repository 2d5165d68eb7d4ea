-- Keys begin with what rises with time, so that new rows meet in few pages of
-- the key index; before they were hashes alone, and every row touched a page
-- of its own.
UPDATE alias SET key = coalesce(
    (SELECT record_key(record.kind, record.network, record.native_id) FROM record WHERE record.key = alias.key),
    key
);
UPDATE label SET key = coalesce(
    (SELECT record_key(record.kind, record.network, record.native_id) FROM record WHERE record.key = label.key),
    key
);
UPDATE record SET key = record_key(kind, network, native_id);
