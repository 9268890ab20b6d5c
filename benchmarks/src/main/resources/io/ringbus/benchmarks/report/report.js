'use strict';
(() => {
    const OURS = ['#0b5fff', '#06b6d4'];
    const OTHERS = ['#e4572e', '#f3a712', '#7a5195', '#4c956c', '#8d99ae', '#bc5090', '#58508d'];
    const data = JSON.parse(document.getElementById('data').textContent);

    // A contender has one colour in all plots.
    const colours = new Map();
    const colourOf = name => {
        const contender = name.replace(' (missed its rate)', '');
        if (!colours.has(contender)) {
            const ours = contender.startsWith('ringbus');
            const palette = ours ? OURS : OTHERS;
            const used = [...colours.keys()].filter(other => other.startsWith('ringbus') === ours).length;
            colours.set(contender, palette[used % palette.length]);
        }
        return colours.get(contender);
    };

    const number = value => {
        const size = Math.abs(value);
        if (size !== 0 && size < 0.01) {
            return value.toExponential(1);
        }
        return value.toLocaleString('en', {maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : 2});
    };

    // At x, one event in x was slower: 1 is the minimum, 10 is the 90th percentile, 100 the 99th.
    const percentile = x => {
        const digits = Math.max(0, Math.round(Math.log10(x)) - 2);
        return (100 * (1 - 1 / x)).toFixed(digits) + ' %';
    };

    const errorBars = {
        id: 'errorBars',
        afterDatasetsDraw(chart) {
            const context = chart.ctx;
            context.save();
            context.strokeStyle = '#1c2430';
            context.lineWidth = 1.2;
            chart.data.datasets.forEach((dataset, index) => {
                if (!chart.isDatasetVisible(index) || !dataset.points) {
                    return;
                }
                chart.getDatasetMeta(index).data.forEach((element, place) => {
                    const point = dataset.points[place];
                    if (!point || point.low === point.high) {
                        return;
                    }
                    const low = chart.scales.y.getPixelForValue(point.low);
                    const high = chart.scales.y.getPixelForValue(point.high);
                    context.beginPath();
                    context.moveTo(element.x, low);
                    context.lineTo(element.x, high);
                    for (const end of [low, high]) {
                        context.moveTo(element.x - 4, end);
                        context.lineTo(element.x + 4, end);
                    }
                    context.stroke();
                });
            });
            context.restore();
        }
    };

    const tooltip = {
        callbacks: {
            label: item => {
                const point = item.dataset.points[item.dataIndex];
                const range = point.low === point.high ? '' : ` (${number(point.low)} to ${number(point.high)})`;
                return `${item.dataset.label}: ${number(point.y)}${range}`;
            }
        }
    };

    const dataset = (chart, series) => ({
        label: series.name,
        points: series.points,
        data: chart.kind === 'BARS' ? series.points.map(point => point && point.y) : series.points,
        backgroundColor: colourOf(series.name),
        borderColor: colourOf(series.name),
        borderWidth: chart.kind === 'BARS' ? 0 : 2,
        borderDash: series.dashed ? [6, 4] : [],
        pointRadius: chart.kind === 'LINES' ? 4 : 0,
        pointHitRadius: 8
    });

    const xAxis = chart => {
        const title = {display: true, text: chart.x};
        if (chart.kind === 'BARS') {
            return {title};
        }
        if (chart.kind === 'LINES') {
            const places = [...new Set(chart.series.flatMap(series => series.points.map(point => point.x)))];
            return {
                type: 'logarithmic', title,
                afterBuildTicks: axis => { axis.ticks = places.map(value => ({value})); },
                ticks: {callback: value => number(value)}
            };
        }
        return {
            type: 'logarithmic', min: 1, title,
            afterBuildTicks: axis => {
                const decades = Math.ceil(Math.log10(axis.max));
                axis.ticks = [1, 2, ...Array.from({length: decades}, (unused, decade) => 10 ** (decade + 1))]
                    .filter(value => value <= axis.max).map(value => ({value}));
            },
            ticks: {callback: percentile}
        };
    };

    const yAxis = chart => ({
        type: chart.kind === 'PERCENTILES' ? 'logarithmic' : 'linear',
        beginAtZero: chart.kind !== 'PERCENTILES',
        grace: '5%',
        title: {display: true, text: chart.y},
        ticks: {callback: value => number(value)}
    });

    Chart.defaults.font.family = 'system-ui, sans-serif';
    Chart.defaults.animation = false;
    const drawn = data.map((chart, place) => new Chart(document.getElementById('chart-' + place), {
        type: chart.kind === 'BARS' ? 'bar' : 'line',
        data: {labels: chart.labels.length ? chart.labels : undefined,
            datasets: chart.series.map(series => dataset(chart, series))},
        options: {
            maintainAspectRatio: false,
            interaction: {mode: 'nearest', intersect: chart.kind === 'BARS'},
            scales: {x: xAxis(chart), y: yAxis(chart)},
            plugins: {tooltip, legend: {position: 'bottom'}}
        },
        plugins: [errorBars]
    }));

    document.querySelectorAll('input[data-chart]').forEach(box => box.addEventListener('change', () => {
        const chart = drawn[box.dataset.chart];
        chart.options.scales.y.type = box.checked ? 'logarithmic' : 'linear';
        chart.options.scales.y.beginAtZero = !box.checked;
        chart.update();
    }));
})();
