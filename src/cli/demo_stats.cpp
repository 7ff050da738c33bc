// What the databases of the demo remember (demo_data.h).
#include "cli/demo_data.h"

namespace sentinel::cli {

std::string_view demo_pg_stat_csv() {
  return R"csv(query,calls,total_exec_time,mean_exec_time,rows,shared_blks_hit,shared_blks_read
"SELECT * FROM ride_waypoint WHERE ride_id = $1 AND leg = $2",412880,512384.2,1.241,412880,1651520,20644
"SELECT r.id, r.fare FROM ride r JOIN rider u ON u.id = r.rider_id WHERE u.plan_id = $1 ORDER BY r.ended_at",214,398540.6,1862.339,3418200,902144,488310
"SELECT rate, currency FROM tariff WHERE city_id = $1 AND vehicle = $2",288310,219115.6,0.760,288310,864930,12
"SELECT id, plan_id FROM rider WHERE session_token = $1",301442,186894.0,0.620,301442,1205768,1508
"UPDATE ride SET state = $1, ended_at = $2 WHERE id = $3",58230,133929.0,2.300,58230,465840,17469
"SELECT id, lat, lon FROM station WHERE tile = $1",30114,114433.2,3.800,1234674,150570,6022
"INSERT INTO ride_event (ride_id, kind) VALUES ($1, $2)",58102,110393.8,1.900,58102,232408,2905
"SELECT id, name FROM plan WHERE active = $1",4410,5733.0,1.300,26460,13230,0
"INSERT INTO alert (kind, text) VALUES ($1, $2)",96,134.4,1.400,96,288,2
"REFRESH MATERIALIZED VIEW CONCURRENTLY station_hourly",24,98412.0,4100.500,0,481200,90120
)csv";
}

std::string_view demo_mysql_stat_csv() {
  return R"csv(schema_name,digest_text,count_star,sum_timer_wait,avg_timer_wait,sum_rows_sent,sum_rows_examined
stations,"SELECT `free_bikes` , `free_docks` FROM `station_state` WHERE `station_id` = ?",90210,18493050000000000,205000000000,90210,90210
stations,"SELECT COUNT ( * ) FROM `reservation` WHERE `station_id` = ?",90204,19935084000000000,221000000000,90204,41493840
stations,"SELECT `starts_at` , `ends_at` FROM `maintenance` WHERE `station_id` = ?",90198,19302372000000000,214000000000,12020,8117820
stations,"SELECT NAME , `address` FROM `station` WHERE `id` = ?",90190,17857620000000000,198000000000,90190,90190
stations,"UPDATE `station_state` SET `free_bikes` = ? WHERE `station_id` = ?",412007,824014000000000,2000000000,0,412007
billing,"SELECT `id` FROM `invoice_line` WHERE `invoice_id` = ?",20110,60330000000000,3000000000,402200,402200
NULL,"SHOW GLOBAL STATUS",2880,14400000000000,5000000000,1422720,1422720
)csv";
}

}  // namespace sentinel::cli
