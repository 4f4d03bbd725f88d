-- expect: unparsed
SELECT year, amount FROM bills MODEL DIMENSION BY (year) MEASURES (amount) RULES (amount[2024] = 1)
-- expect: unparsed
SELECT * FROM bills PIVOT XML (SUM(amount) FOR city IN (ANY))
