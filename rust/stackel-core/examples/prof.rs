use stackel_core::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (t, reps, n): (f64, usize, usize) = (a[1].parse().unwrap(), a[2].parse().unwrap(), a[3].parse().unwrap());
    let noise = match a.get(5).map(String::as_str) { Some("b") => Noise::Bernoulli, Some("u") => Noise::Uniform { half_width: 1.0 }, _ => Noise::Gaussian { sigma: 1.0 } };
    let f = |k: usize| (k..k + n * n).map(|i| if a[4] == "tied" { 0.0 } else { (i as f64 * 0.618_033_988_749_894_9).fract() }).collect::<Vec<_>>();
    let g = Game::new(n, n, f(1), f(1 + n * n), [noise; 2]).unwrap();
    let c = |k: usize| Config::new(a.get(k).map_or("UCB", String::as_str), vec![]).unwrap();
    let (l, fo) = (c(6), c(7));
    let kind = match a.get(8).map(String::as_str) { Some("s") => EngineKind::Stepwise, Some("r") => EngineKind::Reference, _ => EngineKind::Leap };
    for _ in 0..3 {
    let start = std::time::Instant::now();
    let run = Experiment::new(&g, &l, &fo, t as u64, reps, 1, Checkpoints::Rounds(vec![t as u64]), kind).unwrap();
    let o = run.run(1, &mut |_| true).unwrap();
    println!("{:.2} us a game, {:.3} ns a round; {:?} {}", start.elapsed().as_secs_f64() * 1e6 / reps as f64, start.elapsed().as_secs_f64() * 1e9 / reps as f64 / t, &o.pulls[..2], o.error_bound);
    }
}
