-- The journal of every order. The same text runs on H2 (PostgreSQL mode) and on PostgreSQL.
-- order_id is 64 characters of any script; H2 counts a character outside the basic plane as two.
-- What a carrier or the disk names is text: a column that is too short would keep a booked order from its end.

create table node (
    name        varchar(80)              not null primary key,
    incarnation bigint                   not null,
    seen_at     timestamp with time zone not null
);

create table orders (
    account           varchar(40)              not null,
    order_id          varchar(128)             not null,
    reissue           integer                  not null,
    state             varchar(16)              not null,
    carrier           varchar(40),
    service           varchar(80),
    rule              varchar(200),
    carrier_reference varchar(80),
    source            varchar(400)             not null,
    fingerprint       varchar(64)              not null,
    payload           varchar                  not null,
    shipment          text,
    owner             varchar(120),
    epoch             bigint                   not null,
    attempts          integer                  not null,
    -- the processes that died one after the other while they held the order
    lives             integer                  not null,
    due_at            timestamp with time zone,
    duplicates        integer                  not null,
    history_seq       integer                  not null,
    history_hash      varchar(64)              not null,
    accepted_at       timestamp with time zone not null,
    updated_at        timestamp with time zone not null,
    forgotten_at      timestamp with time zone,
    primary key (account, order_id, reissue)
);

-- forgotten_at is when the personal data of an ended order went; its payload is empty then
-- owner is a node's mark, or paused/<carrier> for an order that waits for a paused carrier; due_at is then its acceptance;
-- or follow-up for an order that was answered and of which something more is asked at due_at
-- both "what is due and nobody's" and "what did a dead node hold" are asked every few seconds; an order that has come to an
-- end has neither owner nor time, so what is read does not grow with the ledger
create index orders_due on orders (owner, due_at);

-- what is not over, and since when what is over is so; without it every scrape would read the whole table
create index orders_state on orders (state, updated_at);

create unique index orders_reference on orders (carrier, account, carrier_reference);

-- one row for each carrier that was ever paused; version is what every change compares before it sets
create table carrier_state (
    carrier  varchar(40)              not null,
    version  bigint                   not null,
    state    varchar(16)              not null,
    since    timestamp with time zone not null,
    reason   text                     not null,
    actor    varchar(120)             not null,
    probes   integer                  not null,
    probe_at timestamp with time zone,
    prober   varchar(120),
    primary key (carrier)
);

-- every pause and every resumption, by whom and why
create table carrier_history (
    carrier varchar(40)              not null,
    version bigint                   not null,
    at      timestamp with time zone not null,
    state   varchar(16)              not null,
    reason  text                     not null,
    actor   varchar(120)             not null,
    primary key (carrier, version)
);

-- every set of mappings that was taken up by a running node; version is what calls keep as mapping_version
create table mapping_history (
    carrier varchar(40)              not null,
    node    varchar(80)              not null,
    at      timestamp with time zone not null,
    version varchar(64)              not null,
    reason  text                     not null,
    actor   varchar(120)             not null,
    primary key (carrier, node, at)
);

-- every start and stop of a route by hand, on which node, by whom and why; route * is the trace of all of them
create table route_history (
    route  varchar(200)             not null,
    node   varchar(80)              not null,
    at     timestamp with time zone not null,
    what   varchar(16)              not null,
    reason text                     not null,
    actor  varchar(120)             not null,
    primary key (node, route, at)
);

-- request is what was asked for, as JSON without secrets, as long as the step is not done: a dry run compares with it
create table step (
    account              varchar(40)              not null,
    order_id             varchar(128)             not null,
    reissue              integer                  not null,
    step                 varchar(40)              not null,
    state                varchar(16)              not null,
    attempt              integer                  not null,
    owner                varchar(120)             not null,
    mapping_version      varchar(64),
    request_fingerprint  varchar(64),
    response_fingerprint varchar(64),
    request              text,
    result               text,
    reason               text,
    since                timestamp with time zone not null,
    primary key (account, order_id, reissue, step)
);

-- what is still asked of the carrier after the booking; operation cancel is the void of the order
create table follow_up (
    account     varchar(40)              not null,
    order_id    varchar(128)             not null,
    reissue     integer                  not null,
    operation   varchar(40)              not null,
    state       varchar(16)              not null,
    due_at      timestamp with time zone,
    attempts    integer                  not null,
    since       timestamp with time zone not null,
    until_at    timestamp with time zone,
    awaits      varchar(40),
    deadline_at timestamp with time zone,
    detail      text                     not null,
    primary key (account, order_id, reissue, operation)
);

-- only follow-ups that must still bring something have a deadline
create index follow_up_deadline on follow_up (deadline_at);

-- alerts look for the voids in doubt all the time, and nearly every follow-up has ended
create index follow_up_state on follow_up (state, since);

create table label (
    account   varchar(40)              not null,
    order_id  varchar(128)             not null,
    reissue   integer                  not null,
    number    integer                  not null,
    path      text                     not null,
    format    varchar(8)               not null,
    bytes     bigint                   not null,
    sha256    varchar(64)              not null,
    source    varchar(40)              not null,
    stored_at timestamp with time zone not null,
    primary key (account, order_id, reissue, number)
);

create table tracking_event (
    account         varchar(40)              not null,
    order_id        varchar(128)             not null,
    reissue         integer                  not null,
    event_id        varchar(64)              not null,
    tracking_number varchar(100),
    at              timestamp with time zone not null,
    status          text                     not null,
    raw_status      text,
    text            text,
    location        text,
    source          varchar(40)              not null,
    primary key (account, order_id, reissue, event_id)
);

create table charge (
    account     varchar(40)              not null,
    order_id    varchar(128)             not null,
    reissue     integer                  not null,
    charge_id   varchar(64)              not null,
    carrier     varchar(40)              not null,
    kind        varchar(16)              not null,
    amount      numeric(19, 4)           not null,
    currency    varchar(3)               not null,
    source      text                     not null,
    final       boolean                  not null,
    cost_center varchar(200),
    reference   varchar(200),
    at          timestamp with time zone not null,
    primary key (account, order_id, reissue, charge_id)
);

-- reports are of a period
create index charge_at on charge (at);

create table dead_letter (
    account        varchar(40)              not null,
    order_id       varchar(400)             not null,
    reissue        integer                  not null,
    id             varchar(64)              not null,
    stage          varchar(40)              not null,
    cause          varchar(40)              not null,
    message        text                     not null,
    faults         text                     not null,
    carrier_answer text,
    next           text                     not null,
    source         varchar(400)             not null,
    file           text                     not null,
    at             timestamp with time zone not null,
    -- when a person said that it is dealt with: other content under the identity of an order, or what never became one; of that
    -- there is no history, so who and why stand here; what comes again is open again, and who dismissed it before stays
    dismissed_at   timestamp with time zone,
    dismissed_by   text,
    dismissed_why  text,
    primary key (id)
);

create index dead_letter_at on dead_letter (at);

create index dead_letter_order on dead_letter (account, order_id, reissue);

create table history (
    account  varchar(40)              not null,
    order_id varchar(128)             not null,
    reissue  integer                  not null,
    seq      integer                  not null,
    at       timestamp with time zone not null,
    what     varchar(40)              not null,
    detail   text                     not null,
    actor    varchar(120)             not null,
    hash     varchar(64)              not null,
    primary key (account, order_id, reissue, seq)
);

-- what people were told of, once; a row stays a while after its recovery
create table alert (
    kind         varchar(40)              not null,
    subject      varchar                  not null,
    raised_at    timestamp with time zone not null,
    recovered_at timestamp with time zone,
    primary key (kind, subject)
);

-- what they still have to be told, one row a channel; it goes when the channel took it
create table alert_notice (
    id          varchar(64)              not null,
    kind        varchar(40)              not null,
    event       varchar(16)              not null,
    channel     varchar(16)              not null,
    subjects    text                     not null,
    number      integer                  not null,
    at          timestamp with time zone not null,
    taken_until timestamp with time zone,
    primary key (id)
);

-- the carriers' own numbers of orders, where pushes name orders by them
create table carrier_number (
    carrier  varchar(40)  not null,
    account  varchar(40)  not null,
    number   varchar(200) not null,
    order_id varchar(128) not null,
    reissue  integer      not null,
    primary key (carrier, account, number)
);

-- what a carrier told by itself, kept before it was answered; the same bytes from the same carrier are one row.
-- a row in hand is due again when its time has run out, so that nothing waits for a node that died; body is what came
create table push (
    id          varchar(64)              not null,
    carrier     varchar(40)              not null,
    account     varchar(40)              not null,
    body        bytea                    not null,
    state       varchar(16)              not null,
    detail      text                     not null,
    attempts    integer                  not null,
    times       integer                  not null,
    due_at      timestamp with time zone,
    received_at timestamp with time zone not null,
    updated_at  timestamp with time zone not null,
    primary key (id)
);

create index push_due on push (due_at);
