-- How good the trained model is over the rows that were held out; null where there were none.
-- json, not jsonb: numbers and the order of keys stay as they are.
ALTER TABLE run ADD COLUMN evaluation json;
ALTER TABLE model_version ADD COLUMN evaluation json;
