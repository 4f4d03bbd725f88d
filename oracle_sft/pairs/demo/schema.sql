-- A chain of bicycle shops with workshops: what it sells, repairs and is paid for.

CREATE TABLE shops (
  shop_id    NUMBER(4)          NOT NULL,
  name       VARCHAR2(40 CHAR)  NOT NULL,
  city       VARCHAR2(30 CHAR)  NOT NULL,
  region     VARCHAR2(10 CHAR),
  open_date  DATE               NOT NULL,
  CONSTRAINT shops_pk PRIMARY KEY (shop_id)
);

CREATE TABLE employees (
  employee_id  NUMBER(6)          NOT NULL,
  shop_id      NUMBER(4),
  manager_id   NUMBER(6),
  name         VARCHAR2(60 CHAR)  NOT NULL,
  job          VARCHAR2(20 CHAR)  NOT NULL,
  salary       NUMBER(8,2)        NOT NULL,
  commission   NUMBER(4,2),
  hire_date    DATE               NOT NULL,
  CONSTRAINT employees_pk PRIMARY KEY (employee_id),
  CONSTRAINT employees_shop_fk FOREIGN KEY (shop_id) REFERENCES shops (shop_id),
  CONSTRAINT employees_manager_fk FOREIGN KEY (manager_id) REFERENCES employees (employee_id)
);

CREATE TABLE customers (
  customer_id  NUMBER(8)          NOT NULL,
  name         VARCHAR2(60 CHAR)  NOT NULL,
  city         VARCHAR2(30 CHAR),
  email        VARCHAR2(80 CHAR),
  vip          CHAR(1)            NOT NULL,
  birth_date   DATE,
  CONSTRAINT customers_pk PRIMARY KEY (customer_id),
  CONSTRAINT customers_vip_ck CHECK (vip IN ('Y', 'N'))
);

CREATE TABLE categories (
  category_id  NUMBER(4)          NOT NULL,
  parent_id    NUMBER(4),
  name         VARCHAR2(40 CHAR)  NOT NULL,
  CONSTRAINT categories_pk PRIMARY KEY (category_id),
  CONSTRAINT categories_parent_fk FOREIGN KEY (parent_id) REFERENCES categories (category_id)
);

CREATE TABLE products (
  product_id   NUMBER(6)          NOT NULL,
  category_id  NUMBER(4)          NOT NULL,
  name         VARCHAR2(60 CHAR)  NOT NULL,
  brand        VARCHAR2(30 CHAR),
  price        NUMBER(8,2)        NOT NULL,
  cost         NUMBER(8,2),
  CONSTRAINT products_pk PRIMARY KEY (product_id),
  CONSTRAINT products_category_fk FOREIGN KEY (category_id) REFERENCES categories (category_id)
);

CREATE TABLE orders (
  order_id     NUMBER(8)          NOT NULL,
  customer_id  NUMBER(8)          NOT NULL,
  shop_id      NUMBER(4)          NOT NULL,
  employee_id  NUMBER(6),
  order_date   DATE               NOT NULL,
  ship_date    DATE,
  status       VARCHAR2(12 CHAR)  NOT NULL,
  CONSTRAINT orders_pk PRIMARY KEY (order_id),
  CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
  CONSTRAINT orders_shop_fk FOREIGN KEY (shop_id) REFERENCES shops (shop_id),
  CONSTRAINT orders_employee_fk FOREIGN KEY (employee_id) REFERENCES employees (employee_id)
);

CREATE TABLE order_lines (
  order_id    NUMBER(8)    NOT NULL,
  product_id  NUMBER(6)    NOT NULL,
  quantity    NUMBER(4)    NOT NULL,
  price       NUMBER(8,2)  NOT NULL,
  discount    NUMBER(8,2),
  CONSTRAINT order_lines_pk PRIMARY KEY (order_id, product_id),
  CONSTRAINT order_lines_order_fk FOREIGN KEY (order_id) REFERENCES orders (order_id),
  CONSTRAINT order_lines_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id)
);

CREATE TABLE repairs (
  repair_id    NUMBER(8)          NOT NULL,
  customer_id  NUMBER(8)          NOT NULL,
  employee_id  NUMBER(6),
  kind         VARCHAR2(20 CHAR)  NOT NULL,
  fee          NUMBER(8,2),
  start_date   DATE               NOT NULL,
  end_date     DATE,
  CONSTRAINT repairs_pk PRIMARY KEY (repair_id),
  CONSTRAINT repairs_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
  CONSTRAINT repairs_employee_fk FOREIGN KEY (employee_id) REFERENCES employees (employee_id)
);

CREATE TABLE payments (
  payment_id  NUMBER(8)          NOT NULL,
  order_id    NUMBER(8)          NOT NULL,
  amount      NUMBER(10,2)       NOT NULL,
  method      VARCHAR2(12 CHAR),
  pay_date    DATE               NOT NULL,
  CONSTRAINT payments_pk PRIMARY KEY (payment_id),
  CONSTRAINT payments_order_fk FOREIGN KEY (order_id) REFERENCES orders (order_id)
);

COMMENT ON TABLE shops IS 'Shops, each with a workshop';
COMMENT ON COLUMN shops.region IS 'Sales region; NULL for the online shop';
COMMENT ON COLUMN shops.open_date IS 'Day of the opening, without time';
COMMENT ON TABLE employees IS 'Staff; manager_id makes a hierarchy of four levels';
COMMENT ON COLUMN employees.shop_id IS 'NULL for head office';
COMMENT ON COLUMN employees.manager_id IS 'NULL for the chief executive';
COMMENT ON COLUMN employees.salary IS 'Per month, in euro';
COMMENT ON COLUMN employees.commission IS 'Share of sales from 0 to 1; NULL without one';
COMMENT ON COLUMN employees.hire_date IS 'First day of work, without time';
COMMENT ON TABLE customers IS 'People who bought or had something repaired';
COMMENT ON COLUMN customers.vip IS 'Y for customers of the loyalty programme, else N';
COMMENT ON TABLE categories IS 'Tree of product categories';
COMMENT ON COLUMN categories.parent_id IS 'NULL for a top category';
COMMENT ON TABLE products IS 'What the shops sell';
COMMENT ON COLUMN products.price IS 'List price in euro';
COMMENT ON COLUMN products.cost IS 'Purchase cost in euro; NULL where unknown';
COMMENT ON TABLE orders IS 'Sales to customers';
COMMENT ON COLUMN orders.employee_id IS 'Seller; NULL for online orders';
COMMENT ON COLUMN orders.order_date IS 'With time of day';
COMMENT ON COLUMN orders.ship_date IS 'With time of day; NULL until shipped';
COMMENT ON COLUMN orders.status IS 'open, paid, shipped, returned or cancelled';
COMMENT ON TABLE order_lines IS 'Products of an order';
COMMENT ON COLUMN order_lines.price IS 'Price of one piece when sold';
COMMENT ON COLUMN order_lines.discount IS 'Euro off the whole line; NULL for none';
COMMENT ON TABLE repairs IS 'Jobs of the workshops';
COMMENT ON COLUMN repairs.employee_id IS 'Mechanic; NULL until assigned';
COMMENT ON COLUMN repairs.kind IS 'service, brakes, gears, wheels, frame or battery';
COMMENT ON COLUMN repairs.fee IS 'In euro; NULL until billed';
COMMENT ON COLUMN repairs.start_date IS 'With time of day';
COMMENT ON COLUMN repairs.end_date IS 'With time of day; NULL while in work';
COMMENT ON TABLE payments IS 'Money received for orders';
COMMENT ON COLUMN payments.method IS 'card, cash, transfer or voucher; NULL if unknown';
COMMENT ON COLUMN payments.pay_date IS 'With time of day';
