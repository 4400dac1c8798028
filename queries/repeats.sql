-- title: Same trigger, same component, same organisation
-- purpose: What keeps coming back?
-- param: least INTEGER 2 how often at least
SELECT org, trigger, component, COUNT(*) AS incidents, MIN(date) AS first, MAX(date) AS latest
FROM incidents
WHERE org IS NOT NULL AND trigger IS NOT NULL AND component IS NOT NULL
GROUP BY org, trigger, component
HAVING COUNT(*) >= :least
ORDER BY incidents DESC, org, trigger, component
