/** Several Waybill processes on one PostgreSQL, one broker and one inbox: killed, stopped and resumed. */
package io.waybill.nodes;
