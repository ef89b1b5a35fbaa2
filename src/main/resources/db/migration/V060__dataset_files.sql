-- A data set is made of one file or of several: [{"name": …, "blob": {"hash": {"hex": …}, "size_bytes": …}}].
ALTER TABLE dataset ADD COLUMN files json;
UPDATE dataset SET files = json_build_array(json_build_object(
    'name', name, 'blob', json_build_object(
        'hash', json_build_object('hex', source_hash), 'size_bytes', source_bytes)));
ALTER TABLE dataset ALTER COLUMN files SET NOT NULL, DROP COLUMN source_hash, DROP COLUMN source_bytes;

-- The files of columns of images and tensors, by column name: blobs as above.
ALTER TABLE dataset ADD COLUMN blocks json NOT NULL DEFAULT '{}';
