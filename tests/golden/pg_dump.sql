-- PostgreSQL database dump
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
COPY public.a (id, t) FROM stdin;
1	it's
\.

COPY public.b (id, t) FROM stdin;
\.
SELECT pg_catalog.setval('public.a_id_seq', 1, true);
