-- Description: Create readings

CREATE TABLE readings (
    sensor  int NOT NULL,
    hour    int NOT NULL,
    PRIMARY KEY (sensor, hour)
);

-- ROLLBACK
DROP TABLE readings;
