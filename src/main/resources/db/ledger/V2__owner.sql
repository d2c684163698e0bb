-- whose orders a dead node held is asked every few seconds; without this, all orders that ever were would be read
create index orders_owner on orders (owner);
