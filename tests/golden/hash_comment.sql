CREATE TABLE a (id int);
# rollback
DROP TABLE a;
