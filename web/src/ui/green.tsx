// Energy and emissions (chapter 07 §7.7).
import type { ComponentChildren } from 'preact';
import { fixed, grams, grouped, kwh, percent } from '../format';
import { regionName } from '../kinds';
import type { Region, Waste } from '../payload';
import { Bars } from './charts';
import { usePage } from './context';
import { Help, Outside, Tipped } from './parts';
import { SortTable, type Column } from './table';

function Figure({ id, name, value, note, off }: { id: string; name: string; value: string; note?: ComponentChildren; off?: boolean }) {
  return (
    <section class={off ? 'card figure off' : 'card figure'} aria-label={name}>
      <h2 class="figure-name">{name} <Help id={id} about={name} /></h2>
      <p class="figure-value num">{value}</p>
      {note && <p class="muted small">{note}</p>}
    </section>
  );
}

function WasteFigure({ id, name, waste, absent }: { id: string; name: string; waste: Waste | undefined; absent: string }) {
  if (!waste) return <Figure id={id} name={name} value="-" note={absent} off />;
  const ratio = waste.sql_waste_ratio ?? waste.messaging_waste_ratio ?? 0;
  const note = `${percent(ratio)} of ${kwh(waste.energy_kwh)}${waste.waste_gco2 !== undefined ? `, ${grams(waste.waste_gco2)}` : ''}${waste.region ? `, ${waste.region}` : ''}${waste.model ? `. Model ${waste.model}` : ''}. The whole server, all its users.`;
  return <Figure id={id} name={name} value={kwh(waste.waste_kwh)} note={note} />;
}

const SOURCES: Record<string, string> = { annual: 'annual average', hourly: 'hourly profile', monthly_hourly: 'monthly and hourly profile', real_time: 'real time' };
const name = (r: Region) => (r.status === 'unresolved' ? 'unknown region' : regionName(r.region));

const REGIONS: Column<Region>[] = [
  { name: 'Region', text: name },
  { name: 'Intensity (g/kWh)', numeric: true, text: (r) => (r.status === 'known' ? grouped(Math.round(r.grid_intensity_gco2_kwh)) : '-') },
  { name: 'I/O ops', numeric: true, text: (r) => grouped(r.io_ops) },
  { name: 'CO2', numeric: true, text: (r) => grams(r.co2_gco2) },
  { name: 'Source', text: (r) => (r.status === 'known' ? SOURCES[r.intensity_source] ?? r.intensity_source : '-'),
    cell: (r) => (r.status !== 'known' ? '-' : r.intensity_source === 'real_time' ? <Outside href="https://app.electricitymaps.com/map">real time</Outside> : SOURCES[r.intensity_source] ?? r.intensity_source) },
  { name: 'Estimated', text: (r) => (r.intensity_estimated === undefined ? '-' : r.intensity_estimated ? 'Estimated' : 'Measured') },
];

function MapChips() {
  const { data } = usePage();
  const config = data.report.green_summary.scoring_config;
  if (!config || config.electricity_maps === false) return null;
  const chips: [string, string][] = [
    [`API ${config.api_version}`, 'Version of the Electricity Maps interface that gave the intensities.'],
    [`${config.emission_factor_type} factors`, config.emission_factor_type === 'direct' ? 'Only what power stations emit while running.' : 'Building and fuelling power stations is counted too.'],
    [config.temporal_granularity.replace('_', ' '), 'How fine the intensities are in time.'],
  ];
  return <div class="pills">{chips.map(([text, tip]) => <Tipped key={text} tip={tip}>{(h) => <span class="tag" tabIndex={0} {...h}>{text}</span>}</Tipped>)}</div>;
}

export function Green() {
  const { data } = usePage();
  const g = data.report.green_summary;
  const co2 = g.co2;
  if (!co2) {
    return (
      <div class="card off-card">
        <h2>No carbon figures <Help id="carbon_tab" about="Carbon" /></h2>
        <p>{data.report.analysis.traces_analyzed === 0 ? 'No trace was analysed, so there is nothing to price.' : 'Carbon scoring is switched off: set [green] enabled = true in the configuration to have it.'}</p>
      </div>
    );
  }
  const worst = g.top_offenders[0];
  const services = Object.entries(g.per_service_energy_kwh ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 12);
  const carbon = Object.entries(g.per_service_carbon_kgco2eq ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 12);
  return (
    <>
      <div class="figures-grid">
        <Figure id="carbon_total" name="Total" value={grams(co2.total.mid)} note={`${grams(co2.total.low)} to ${grams(co2.total.high)}. Model ${co2.total.model}`} />
        <Figure id="carbon_operational" name="Operational" value={grams(co2.operational_gco2)} note={`${kwh(g.energy_kwh ?? 0)} of energy`} />
        <Figure id="carbon_embodied" name="Embodied" value={grams(co2.embodied_gco2)} note="a share of the hardware" />
        <Figure id="carbon_avoidable" name="Avoidable" value={grams(co2.avoidable.mid)} note={co2.operational_gco2 > 0 ? `${percent(co2.avoidable.mid / co2.operational_gco2)} of operational` : 'no operational emissions'} />
        <Figure id="waste_ratio" name="I/O waste ratio" value={percent(g.io_waste_ratio)} note={`${g.io_waste_ratio_band}; SQL ${g.total_sql_io_ops > 0 ? percent(g.avoidable_sql_io_ops / g.total_sql_io_ops) : 'none'}`} />
        <Figure id="iis" name="I/O intensity" value={worst ? `${fixed(worst.io_intensity_score, 1)} ops/request` : '-'} note={worst ? <span class="wrap">{worst.service} · {worst.endpoint}</span> : 'no endpoint'} off={!worst} />
        <WasteFigure id="database_waste" name="Database waste" waste={g.database_waste} absent="The energy of the database is not known: configure it to see this." />
        <WasteFigure id="messaging_waste" name="Broker waste" waste={g.messaging_waste} absent="The energy of the broker is not known: configure it to see this." />
      </div>
      <section class="card formula">
        <h2>How it is computed <Help id="carbon_tab" about="Carbon" /></h2>
        <p><span class="term">{kwh(g.energy_kwh ?? 0)}</span> energy × grid intensity × overhead = <span class="term">{grams(co2.operational_gco2)}</span> operational
          {' '}+ <span class="term">{grams(co2.embodied_gco2)}</span> embodied{co2.transport_gco2 !== undefined && <> + <span class="term">{grams(co2.transport_gco2)}</span> transport</>}
          {' '}= <span class="term">{grams(co2.total.mid)}</span>{co2.sci_per_trace && <>, <span class="term">{grams(co2.sci_per_trace.mid)}</span> a trace</>}</p>
        <MapChips />
      </section>
      {(g.regions?.length ?? 0) > 0 && (
        <section class="card"><h2>Regions</h2>
          <SortTable id="region-table" label="Regions" columns={REGIONS} rows={g.regions!} /></section>
      )}
      <div class="two">
        {services.length > 0 && <section class="card"><h2>Energy by service</h2><Bars items={services.map(([n, value]) => ({ name: n, value }))} unit={kwh} /></section>}
        {carbon.length > 0 && <section class="card"><h2>Carbon by service</h2><Bars items={carbon.map(([n, value]) => ({ name: n, value: value * 1000 }))} unit={grams} /></section>}
      </div>
    </>
  );
}
