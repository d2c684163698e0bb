-- what is due is what nobody owns, and what a dead node held is asked every few seconds: neither may read other orders
create index orders_owner_due on orders (owner, due_at);

drop index orders_due;
