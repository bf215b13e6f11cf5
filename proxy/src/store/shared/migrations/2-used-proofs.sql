-- The tokens, solved challenges and captcha answers that submissions have used. It is unlogged, because a write then
-- waits for no disk. A crash of the database empties it; each proof can then be used once more.
CREATE UNLOGGED TABLE used_proofs (
    -- SHA-256 of the proof.
    proof      bytea PRIMARY KEY,
    -- The reference of the draft. NULL if the submission had no reference. Such a proof is never valid again.
    draft      text,
    -- The digests of the contents that the draft has sent with the proof.
    contents   bytea[] NOT NULL,
    expires_at bigint NOT NULL
);
