BEGIN TRANSACTION;
CREATE TABLE conversations (
            id TEXT NOT NULL PRIMARY KEY,
            title TEXT NOT NULL DEFAULT '',
            head_id TEXT,
            origin TEXT,
            settings TEXT NOT NULL DEFAULT '{}',
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL,
            pinned INTEGER NOT NULL DEFAULT 0,
            deleted_at REAL
        );
INSERT INTO "conversations" VALUES('c1','Late chairs','m2',NULL,'{"choice":{"connection_id":"a","model":"qwen3:8b"},"system":"Be brief.","thinking":{"mode":"on","budget":512},"fresh_suggested":true,"unread":true,"left_out":["m3"],"folder":"Purchasing","thinking_limit":{"seconds":60,"tokens":null},"temperature":0.5,"asks_places":true}',1764500000.0,1764500001.0,1,NULL);
INSERT INTO "conversations" VALUES('c0','Thrown away','m9',NULL,'{"choice":null,"system":"","thinking":{"mode":"auto","budget":null},"fresh_suggested":false,"unread":false,"left_out":[],"folder":"","thinking_limit":null,"temperature":null,"asks_places":false}',1764400000.0,1764400000.0,0,1.79612779057480835e+09);
INSERT INTO "conversations" VALUES('c2','Under way','m5',NULL,'{"choice":null,"system":"","thinking":{"mode":"auto","budget":null},"fresh_suggested":false,"unread":false,"left_out":[],"folder":"","thinking_limit":null,"temperature":null,"asks_places":false}',1764500005.0,1764500005.0,0,NULL);
CREATE TABLE draft_files (
            conversation_id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            digest TEXT NOT NULL,
            record TEXT NOT NULL,
            PRIMARY KEY (conversation_id, seq)
        ) WITHOUT ROWID
        ;
INSERT INTO "draft_files" VALUES('c1',0,'f4b0db38d1525ae13806b0143db5c14f0c5f43c1b6a6a5a8943133cab6095b3f','{"name":"offer.pdf","size":19,"encoding":"gbk","field":"material","selection":{"sections":[1,3],"without":["hidden"],"cuts":[[1,2,3,4]],"columns_off":[[1,2]],"passages":[[1,0]]},"part":{"type":"image","name":"desk.png","media_type":"image/png","digest":"72c812f6913fcc751c1a5d4ada4c27360b3780d3ccadeb3f7b94bfb3e268fa32","size":[640,480]}}');
CREATE TABLE drafts (conversation_id TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, updated_at REAL NOT NULL);
INSERT INTO "drafts" VALUES('c1','typed words',1.79612779053099536e+09);
INSERT INTO "drafts" VALUES('','words of a new one',1.79612779054002761e+09);
CREATE TABLE files_known (since REAL NOT NULL);
INSERT INTO "files_known" VALUES(1796127790.0);
CREATE TABLE message_files (
            message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            digest TEXT NOT NULL,
            PRIMARY KEY (message_id, digest)
        ) WITHOUT ROWID
        ;
INSERT INTO "message_files" VALUES('m1','72c812f6913fcc751c1a5d4ada4c27360b3780d3ccadeb3f7b94bfb3e268fa32');
INSERT INTO "message_files" VALUES('m1','f4b0db38d1525ae13806b0143db5c14f0c5f43c1b6a6a5a8943133cab6095b3f');
CREATE TABLE messages (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            parent_id TEXT,
            role TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at REAL NOT NULL,
            model TEXT NOT NULL DEFAULT '',
            place_kind TEXT,
            place_host TEXT,
            usage TEXT,
            timings TEXT,
            failure TEXT,
            attachment_names TEXT NOT NULL DEFAULT '',
            text TEXT NOT NULL DEFAULT '',
            reasoning TEXT NOT NULL DEFAULT '',
            parts TEXT
        , early TEXT, signs TEXT);
INSERT INTO "messages" VALUES(1,'m1','c1',NULL,'user','complete',1764500000.0,'',NULL,NULL,NULL,NULL,NULL,'offer.pdf
desk.png','What is the price of the chairs?','','[{"type":"text","text":"What is the price of the chairs?"},{"type":"attachment","name":"offer.pdf","media_type":"application/pdf","digest":"f4b0db38d1525ae13806b0143db5c14f0c5f43c1b6a6a5a8943133cab6095b3f","extent":"page 1 of 2","anchors":[[9,1,"p0"]],"text":"[Page 1]\nChairs: 99"},{"type":"image","name":"desk.png","media_type":"image/png","digest":"72c812f6913fcc751c1a5d4ada4c27360b3780d3ccadeb3f7b94bfb3e268fa32","size":[640,480]}]',NULL,NULL);
INSERT INTO "messages" VALUES(2,'m2','c1','m1','assistant','complete',1764500001.0,'qwen3:8b','private_network','gpu.lan','{"prompt_tokens":12,"completion_tokens":34,"reasoning_tokens":5}','{"connecting":0.1,"loading":0.2,"reading":0.3,"thinking":0.4,"answering":0.5}',NULL,'','99 each, 椅子.','They ask for a price.',NULL,'{"way":"continued","by_limit":true}','[{"kind":"number","excerpt":"98","other":"99"},{"kind":"context_cut","counts":[10,20]},{"kind":"loop","in_thinking":true}]');
INSERT INTO "messages" VALUES(3,'m3','c1','m1','assistant','failed',1764500002.0,'m',NULL,NULL,NULL,NULL,'{"kind":"unreachable","detail":"refused","host":"gpu.lan","status":502,"reason":""}','','cut','elsewhere','[{"type":"reasoning","text":"elsewhere","elsewhere":true},{"type":"text","text":"cut"}]',NULL,NULL);
INSERT INTO "messages" VALUES(4,'m9','c0',NULL,'user','complete',1764400000.0,'',NULL,NULL,NULL,NULL,NULL,'','rubbish','',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(5,'m4','c2',NULL,'user','complete',1764500004.0,'',NULL,NULL,NULL,NULL,NULL,'','Go on','',NULL,NULL,NULL);
INSERT INTO "messages" VALUES(6,'m5','c2','m4','assistant','streaming',1764500005.0,'x',NULL,NULL,NULL,NULL,NULL,'','','',NULL,NULL,NULL);
CREATE TABLE prompt_drafts (
            conversation_id TEXT NOT NULL,
            message_id TEXT NOT NULL,
            draft TEXT NOT NULL,
            updated_at REAL NOT NULL,
            PRIMARY KEY (conversation_id, message_id)
        ) WITHOUT ROWID
        ;
INSERT INTO "prompt_drafts" VALUES('c1','','{"framework": "main"}',1.79612779055201315e+09);
INSERT INTO "prompt_drafts" VALUES('c1','m1','{}',1.79612779055966854e+09);
CREATE TABLE queued (
            conversation_id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            text TEXT NOT NULL, parts TEXT,
            PRIMARY KEY (conversation_id, seq)
        ) WITHOUT ROWID
        ;
INSERT INTO "queued" VALUES('c1',0,'And the desks?','[{"type":"attachment","name":"b.txt","media_type":"text/plain","text":"b"}]');
CREATE TABLE queued_files (
            conversation_id TEXT NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (conversation_id, digest)
        ) WITHOUT ROWID
        ;
CREATE TABLE reply_log (
            message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (message_id, seq)
        ) WITHOUT ROWID
        ;
INSERT INTO "reply_log" VALUES('m5',0,'reasoning','I think');
INSERT INTO "reply_log" VALUES('m5',1,'text','so far');
CREATE TABLE search_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL);
INSERT INTO "search_changes" VALUES(1,2);
CREATE TABLE search_identity (identity TEXT NOT NULL);
INSERT INTO "search_identity" VALUES('1688d11926d1fcc72352f488ea15079f');
CREATE INDEX running_replies ON messages (status) WHERE status = 'streaming';
CREATE INDEX messages_of_conversation ON messages (
            conversation_id, parent_id, key, id, role,
            length(text), length(text) - length(replace(text, char(10), ''))
        )
        ;
CREATE INDEX messages_of_file ON message_files (digest);
CREATE TRIGGER search_update 
        AFTER UPDATE OF status, text, reasoning, parts ON messages
        WHEN old.status = 'streaming' OR old.text IS NOT new.text OR old.reasoning IS NOT new.reasoning
            OR old.parts IS NOT new.parts
        BEGIN INSERT INTO search_changes (key) VALUES (old.key); END;
CREATE TRIGGER search_delete AFTER DELETE ON messages BEGIN INSERT INTO search_changes (key) VALUES (old.key); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('search_changes',1);
COMMIT;
