-- What proves that a submission was forwarded by a ledger, and not by somebody who writes such a record.

CREATE TABLE ledger.forwarding (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key bytea   NOT NULL CHECK (length(key) = 32)
);
COMMENT ON TABLE ledger.forwarding IS 'The key by which all ledgers of this database seal what they forward, made once; when it is lost a new one does.';
