SELECT 'ðŸ˜';
SELECT 'Ã(';
