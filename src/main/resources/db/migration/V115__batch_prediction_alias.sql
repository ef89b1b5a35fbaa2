-- The alias by which a prediction was asked for; null where it was asked by name or by number.
ALTER TABLE batch_prediction ADD COLUMN alias text;
