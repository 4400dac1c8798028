-- title: Contradictory durations
-- purpose: Where does what the author states disagree with the author's own times?
SELECT i.id, i.path, i.ttr_minutes, i.ttr_stated_minutes, i.impact_minutes, i.impact_stated_minutes, n.message
FROM incidents AS i
JOIN notices AS n ON n.id = i.id
WHERE n.code = 'duration-conflict'
ORDER BY i.date, i.id
