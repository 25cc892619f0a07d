-- The statement that sets the password of role $1 to $2: a role's name cannot be a parameter.
SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text);
