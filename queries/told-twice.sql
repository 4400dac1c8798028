-- title: Told twice
-- purpose: Which documents tell of an incident that another tells more fully, and which one counts?
SELECT a.org, b.date, a.id, b.id AS counts_as, a.ttr_minutes, b.ttr_minutes AS counted_ttr_minutes, a.path, b.path AS counted_path
FROM incidents AS a
JOIN incidents AS b ON a.same_as = b.id
ORDER BY b.date, a.id
