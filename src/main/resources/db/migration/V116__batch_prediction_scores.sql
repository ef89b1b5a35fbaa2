-- How well each of several target columns is predicted, beside the metrics of all of them.
ALTER TABLE batch_prediction
    ADD COLUMN label_scores  json NOT NULL DEFAULT '[]',
    ADD COLUMN target_scores json NOT NULL DEFAULT '[]';
