-- title: Open actions
-- purpose: Which follow-ups are not marked done, the longest overdue first?
-- param: before DATE 9999-12-31 only those due before this date; undated ones are always listed
SELECT i.date, a.id, a.due, a.owner, a.status, a.text
FROM actions AS a
JOIN incidents AS i ON a.id = i.id
WHERE a.status <> 'done' AND (a.due IS NULL OR a.due < :before)
ORDER BY a.due, i.date, a.id, a.position
