-- How good the trained model is over the rows that were held out until it was finished; null where there were none.
ALTER TABLE run ADD COLUMN test_evaluation json;
ALTER TABLE model_version ADD COLUMN test_evaluation json;
