"""The clinical course: from a record to a table, from the table to a scene, from the scene to a picture."""
